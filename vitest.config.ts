import { defineConfig } from 'vitest/config';

const rooms = ['engine', 'labs', 'server', 'app', 'tests'];

export default defineConfig({
  test: {
    include: rooms.map((room) => `${room}/**/*.test.{ts,tsx}`),
    exclude: ['tests/e2e/**', '**/node_modules/**', '**/generated/**'],
    testTimeout: 20_000,
    // Two cores are what we count on; more workers than cores only make the measured budgets noisy.
    maxWorkers: 2,
  },
});
