import type { ComponentProps } from 'react';

type TextFieldProps = ComponentProps<'input'> & { readonly label: string; readonly name: string; readonly hint?: string };

export function TextField({ label, name, hint, ...rest }: TextFieldProps) {
  return (
    <div>
      <label htmlFor={name} className="block font-medium">
        {label}
      </label>
      {hint && (
        <p id={`${name}-hint`} className="text-sm text-ink-3">
          {hint}
        </p>
      )}
      <input
        id={name}
        name={name}
        aria-describedby={hint ? `${name}-hint` : undefined}
        className="mt-1 h-11 w-full rounded-md border border-line-strong bg-surface px-3 text-base aria-invalid:border-failed"
        {...rest}
      />
    </div>
  );
}
