import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// `npx nx build frontend-web`: hashed files under dist/assets, nothing inlined, so that the page needs no
// 'unsafe-inline' and no data: URL in the server's Content-Security-Policy.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  logLevel: 'warn',
})
