/** The look of everything that floats: menus, popovers, lists. */
export const menuClass =
  'z-50 min-w-44 rounded-lg border border-line-strong bg-raised p-1 text-sm text-ink shadow-float focus:outline-none max-h-[min(26rem,80vh)] overflow-auto';

export const menuItemClass =
  'flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 select-none focus:outline-none data-highlighted:bg-accent-wash data-highlighted:text-accent-ink data-disabled:cursor-default data-disabled:opacity-50';

export const menuLabelClass = 'px-2.5 pt-1.5 pb-1 text-xs font-medium text-ink-3';
