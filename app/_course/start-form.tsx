import { ArrowRight } from 'lucide-react';
import { Button } from '../_ui/button.tsx';

interface StartFormProps {
  /** Where to go once one is in. */
  readonly next: string;
  readonly label?: string;
}

/** Lets somebody in as a guest. A plain form, so that it works before any script has loaded. */
export function StartForm({ next, label = 'Start' }: StartFormProps) {
  return (
    <form method="post" action="/start">
      <input type="hidden" name="next" value={next} />
      <Button type="submit" look="primary" size="lg">
        {label}
        <ArrowRight className="size-4" aria-hidden="true" />
      </Button>
    </form>
  );
}
