import { formatCount } from './format.ts';
import type { Output } from './output.ts';

const MOST_LINES = 20;

/** A title and a line for each item, when there are any; of many, the first ones and how many more there are. */
export function printSome<T>(
  output: Output,
  items: readonly T[],
  title: string,
  text: (item: T) => string,
): void {
  if (items.length === 0) return;
  output.line(title);
  for (const item of items.slice(0, MOST_LINES)) output.line(`  ${text(item)}`);
  if (items.length > MOST_LINES) {
    output.line(`  … and ${formatCount(items.length - MOST_LINES)} more; --json names all.`);
  }
}
