import { TextField } from '../_ui/text-field.tsx';

export function SignUpFields() {
  return (
    <>
      <TextField label="Name" name="name" autoComplete="name" required maxLength={100} hint="As it should stand on a certificate." />
      <TextField label="E-mail address" name="email" type="email" autoComplete="email" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        minLength={8}
        hint="At least 8 characters."
      />
    </>
  );
}
