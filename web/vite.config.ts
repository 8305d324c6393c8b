/**
 * Builds the workbench into `web/dist`, which the service serves as it is.
 *
 * Nothing is inlined (`assetsInlineLimit: 0`, no preload polyfill): the service sends `default-src 'self'`, under which
 * a data: font or an inline script would be refused.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev -w web` finds the API; start the service, or the tests' fixture, there. */
const API = 'http://127.0.0.1:7077';

export default defineConfig(({ command }) => {
  // Tests build the pages too, under a NODE_ENV of their own, with which React would be its slow development form.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    root: import.meta.dirname,
    plugins: [react()],
    build: {
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // The licences of what is bundled ask to be carried along with it.
      license: { fileName: 'licences.md' },
    },
    server: { host: '127.0.0.1', proxy: { '/api': API } },
  };
});
