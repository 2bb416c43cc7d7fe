import Link from 'next/link';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';
export type ButtonSize = 'sm' | 'md' | 'lg';

const looks: Record<ButtonLook, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover shadow-rest',
  plain: 'border border-line-strong bg-surface text-ink hover:bg-sunken',
  quiet: 'text-ink-2 hover:bg-sunken hover:text-ink',
  danger: 'border border-failed text-failed bg-surface hover:bg-failed-wash',
};

const sizes: Record<ButtonSize, string> = {
  sm: 'h-7 px-2 text-sm gap-1.5',
  md: 'h-9 px-3.5 text-base gap-2',
  lg: 'h-11 px-5 text-base gap-2.5',
};

export function buttonClass(look: ButtonLook, size: ButtonSize, more?: string): string {
  return classNames(
    'inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap transition-colors duration-150 select-none',
    'disabled:opacity-50 aria-disabled:opacity-50',
    looks[look],
    sizes[size],
    more,
  );
}

type ButtonProps = ComponentProps<'button'> & { readonly look?: ButtonLook; readonly size?: ButtonSize };

export function Button({ look = 'plain', size = 'md', className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} className={buttonClass(look, size, className)} {...rest} />;
}

type IconButtonProps = ComponentProps<'button'> & { readonly label: string };

/** A square button with an icon; the label is its name and its tooltip. */
export function IconButton({ label, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button
      type={type}
      aria-label={label}
      title={label}
      className={classNames(
        'inline-flex size-7 shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors duration-150 hover:bg-sunken hover:text-ink disabled:opacity-40',
        'aria-pressed:bg-accent-wash aria-pressed:text-accent-ink',
        className,
      )}
      {...rest}
    />
  );
}

type ButtonLinkProps = ComponentProps<typeof Link> & { readonly look?: ButtonLook; readonly size?: ButtonSize };

export function ButtonLink({ look = 'plain', size = 'md', className, ...rest }: ButtonLinkProps) {
  return <Link className={buttonClass(look, size, className)} {...rest} />;
}
