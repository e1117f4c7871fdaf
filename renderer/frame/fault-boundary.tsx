import { Bug } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { text } from '../text/format.ts';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly fault: Error | null;
}

/** Shows a fault of the page itself in words. React writes the fault to the console. */
export class FaultBoundary extends Component<Props, State> {
  override state: State = { fault: null };

  static getDerivedStateFromError(fault: Error): State {
    return { fault };
  }

  override render(): ReactNode {
    if (this.state.fault === null) return this.props.children;
    return (
      <EmptyState
        icon={<Bug size={22} />}
        title={text.failedTitle}
        actions={<Button onClick={() => location.reload()}>{text.reload}</Button>}
      >
        <p>{text.failedText}</p>
        <code>{this.state.fault.message}</code>
      </EmptyState>
    );
  }
}
