import type { ReactNode } from 'react';
import { findAccount } from '#server/queries/find-account.ts';
import { SiteFrame } from '../_ui/site-frame.tsx';

export default async function SiteLayout({ children }: { readonly children: ReactNode }) {
  return <SiteFrame account={await findAccount()}>{children}</SiteFrame>;
}
