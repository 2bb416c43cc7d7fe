'use client';

/** Stands in when even the frame of the site cannot be made; it has no styles to rely on. */
export default function GlobalError({ reset }: { readonly reset: () => void }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: 'system-ui, sans-serif', maxWidth: '40rem', margin: '4rem auto', padding: '0 1.25rem', lineHeight: 1.6 }}>
        <h1>The site could not be started</h1>
        <p>Something failed on our side. Your work is saved as it happens and is not touched by this.</p>
        <button type="button" onClick={reset}>
          Try again
        </button>
      </body>
    </html>
  );
}
