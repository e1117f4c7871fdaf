import type { ComponentProps, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';

/** `quiet` has no frame until it is pointed at. `primary`: what most people come to do, one a screen. `danger`: what can't be undone. */
type Look = 'plain' | 'quiet' | 'primary' | 'danger';

interface Common {
  readonly icon?: ReactNode;
  readonly look?: Look;
  readonly size?: 'normal' | 'large';
}

interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'>, Common {
  readonly type?: 'button' | 'submit';
}

export function Button({
  icon,
  look = 'plain',
  size = 'normal',
  type = 'button',
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button type={type} className={buttonClass(look, size, className)} {...rest}>
      {icon}
      {children}
    </button>
  );
}

interface LinkButtonProps extends ComponentProps<'a'>, Common {
  readonly href: string;
}

/** A link that looks like a button: it goes somewhere, and can be opened in another window. */
export function LinkButton({
  icon,
  look = 'plain',
  size = 'normal',
  className,
  children,
  ...rest
}: LinkButtonProps) {
  return (
    <a className={buttonClass(look, size, className)} {...rest}>
      {icon}
      {children}
    </a>
  );
}

function buttonClass(look: Look, size: 'normal' | 'large', className: string | undefined): string {
  return classNames(styles.button, styles[look], size === 'large' && styles.large, className);
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'type' | 'children' | 'aria-label'> {
  readonly label: string;
  readonly icon: ReactNode;
}

export function IconButton({ label, icon, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={classNames(styles.iconButton, className)}
      aria-label={label}
      title={label}
      {...rest}
    >
      {icon}
    </button>
  );
}
