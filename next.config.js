/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  // Opened on 127.0.0.1 while HOST says otherwise, the dev server would refuse its own page.
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  // Native modules, and modules that read files beside themselves, stay outside the bundle.
  serverExternalPackages: ['libsql', '@prisma/adapter-libsql', '@prisma/adapter-pg', 'pg', 'esbuild'],
  // `npm run check` type-checks everything once; a second time here would only make the first start slower.
  typescript: { ignoreBuildErrors: true },
};

export default config;
