import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { loadPageConfig } from './api/page-config.ts'
import { createServices } from './api/services.ts'
import { App } from './app.tsx'
import { Waiting } from './look/waiting.tsx'
import './look/tokens.css'
import './look/page.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')

const page = createRoot(root)
page.render(<Waiting />)
const config = await loadPageConfig()
page.render(
  <StrictMode>
    <App
      services={createServices(config)}
      {...(config.demoToken !== undefined && { demoToken: config.demoToken })}
    />
  </StrictMode>,
)
