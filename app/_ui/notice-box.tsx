import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const looks = {
  info: { icon: Info, className: 'border-line-strong bg-surface text-ink' },
  warning: { icon: TriangleAlert, className: 'border-pending bg-pending-wash text-ink' },
  error: { icon: CircleAlert, className: 'border-failed bg-failed-wash text-ink' },
} as const;

interface NoticeBoxProps {
  readonly level: keyof typeof looks;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly className?: string;
}

/** What happened, why, what to do; where the person is looking. */
export function NoticeBox({ level, children, actions, className }: NoticeBoxProps) {
  const { icon: Icon, className: look } = looks[level];
  return (
    <div
      role={level === 'error' ? 'alert' : 'status'}
      className={classNames('flex items-start gap-2.5 rounded-md border px-3 py-2 text-sm', look, className)}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0 flex-1">{children}</div>
      {actions && <div className="flex shrink-0 items-center gap-1.5">{actions}</div>}
    </div>
  );
}
