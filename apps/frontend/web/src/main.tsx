import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { loadPageConfig } from './api/page-config.ts'
import { createServices } from './api/services.ts'
import { App } from './app.tsx'
import './look/tokens.css'
import './look/page.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')

const config = await loadPageConfig()
createRoot(root).render(
  <StrictMode>
    <App
      services={createServices(config)}
      {...(config.demoToken !== undefined && { demoToken: config.demoToken })}
    />
  </StrictMode>,
)
