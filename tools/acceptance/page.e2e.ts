// The page as a person meets it: headless Chromium over HTTPS through the gateway, the project's authority trusted.
// UPDATE_SCREENSHOTS=1 writes the README's picture anew.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { startSystemUnderTest, type SystemUnderTest } from './system-under-test.ts'
import { findPartNamed } from '../e2e/parts.ts'
import { openBrowser, type BrowserParts, type OwnBrowser } from './trusting-browser.ts'

const ROOT = join(import.meta.dirname, '../..')
const chromium = findPartNamed('Chromium')
const certutil = findPartNamed('certutil')
const parts: BrowserParts | undefined = chromium && certutil ? { chromium, certutil } : undefined
if (parts === undefined) process.stderr.write('SKIPPED: the browser tests need chromium and certutil\n')

let system: SystemUnderTest
let own: OwnBrowser
let page: Page
/** What the browser complained about: errors of scripts, refusals of the Content-Security-Policy. */
let complaints: string[]

async function open(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await own.browser.newContext({ viewport: { width: 1100, height: 760 }, ...options })
  page = await context.newPage()
  complaints = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // A refused request is a line of its own making in the console; the page handles it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  await page.goto(`https://demo.localhost:${system.ports.https}/`)
  return page
}

async function signUp(email: string, password: string): Promise<void> {
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.locator('[name=email]:focus').waitFor()
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

async function logIn(email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

async function addTask(title: string, text: string): Promise<void> {
  await page.getByLabel('Title').fill(title)
  await page.getByLabel('Text').fill(text)
  await page.getByRole('button', { name: 'Add task' }).click()
  await page.getByRole('listitem').filter({ hasText: title }).waitFor()
}

async function shown(selector: string): Promise<string[]> {
  return page.locator(selector).allInnerTexts()
}

;(parts === undefined ? describe.skip : describe)('the page in Chromium', () => {
  beforeAll(async () => {
    if (parts === undefined) return
    system = await startSystemUnderTest()
    own = await openBrowser(parts, system.authorityFile)
  }, 180_000)
  afterAll(async () => {
    await own?.close()
    await system?.interrupt()
    await system?.remove()
  }, 60_000)
  afterEach(async () => {
    await page.context().close()
    expect(complaints).toEqual([])
  })

  test('V7 V8 sign up, add a task, see it; log out, log in, see it again', async () => {
    await open()
    expect(await page.evaluate<boolean>('isSecureContext')).toBe(true)
    await signUp('ann@example.com', 'correct horse')
    await page.getByText('No tasks.').waitFor()
    expect(await shown('.notice')).toEqual(['User created!'])
    expect(await shown('.who-name')).toEqual(['ann@example.com'])

    const sent = page.waitForRequest((request) => request.method() === 'POST')
    await addTask('Call the plumber', 'The tap in the kitchen drips.\nAsk about Thursday.')
    const request = await sent
    expect(new URL(request.url()).pathname).toBe('/api/tasks')
    expect(await request.headerValue('authorization')).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/)
    await addTask('Buy bread', 'Two loaves, from the baker at the corner.')
    expect(await shown('.notice')).toEqual(['Task stored.'])
    const tasks = [
      'Buy bread\n\nTwo loaves, from the baker at the corner.',
      'Call the plumber\n\nThe tap in the kitchen drips.\nAsk about Thursday.',
    ]
    expect(await shown('.task-words')).toEqual(tasks)
    expect(await page.getByLabel('Title').inputValue()).toBe('')
    if (process.env['UPDATE_SCREENSHOTS'] === '1') {
      await page.screenshot({ path: join(ROOT, 'docs/images/frontend.png'), fullPage: true })
    }

    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    expect(await shown('.notice')).toEqual(['You are logged out.'])
    expect(await page.getByText('Buy bread').count()).toBe(0)
    await logIn('ann@example.com', 'correct horse')
    await page.getByRole('listitem').first().waitFor()
    expect(await shown('.task-words')).toEqual(tasks)
  })

  test('ticks, edits and deletes a task, and leaves alone what another tab changed', async () => {
    await open()
    await signUp('cleo@example.com', 'correct horse')
    await addTask('Water the plants', 'All but the cactus.')
    const task = page.getByRole('listitem')
    await task.getByLabel('Done: Water the plants').click()
    await page.getByText('Task changed.').waitFor()
    await page.locator('.task.done').waitFor()
    expect(await page.locator('.task.done h3').innerText()).toBe('Water the plants')

    const other = await page.context().newPage()
    await other.goto(page.url())
    await other.getByRole('button', { name: 'Edit: Water the plants' }).click()
    await other.getByLabel('Text').last().fill('All of them.')

    await page.getByRole('button', { name: 'Edit: Water the plants' }).click()
    await task.getByLabel('Text').fill('The cactus too.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('The cactus too.').waitFor()
    await page.locator('[aria-label="Edit: Water the plants"]:focus').waitFor()

    await other.getByRole('button', { name: 'Save' }).click()
    await other.getByText('The task was changed meanwhile').waitFor()
    expect(await other.getByLabel('Text').last().inputValue()).toBe('All of them.')
    await other.getByRole('button', { name: 'Cancel' }).click()
    await other.getByText('The cactus too.').waitFor()
    await other.close()

    await page.getByRole('button', { name: 'Delete: Water the plants' }).click()
    await page.getByRole('button', { name: 'Keep it' }).click()
    await page.getByRole('button', { name: 'Delete: Water the plants' }).click()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('No tasks.').waitFor()
    expect(await shown('.notice')).toEqual(['Task deleted.'])
    expect(await page.locator('[role=status]').innerText()).toBe('Task deleted.')
    // Its button went with the task; the keyboard goes on from the list, not from the top.
    await page.locator('#tasks-title:focus').waitFor()
  })

  test('shows its bar while it asks who is here, then the form', async () => {
    await open()
    await page.getByLabel('Password').waitFor()
    const { promise: asked, resolve: answer } = Promise.withResolvers<void>()
    await page.route('**/api/refresh', async (route) => {
      await asked
      await route.continue()
    })
    await page.reload()
    await page.getByText('Loading…').waitFor()
    expect(await shown('.brand')).toEqual(['Postern\nTasks'])
    answer()
    await page.getByLabel('Password').waitFor()
    expect(await page.getByText('Loading…').count()).toBe(0)
  })

  test('V45 somebody else sees no task of hers', async () => {
    await open()
    await signUp('bob@example.com', 'staple battery')
    await page.getByText('No tasks.').waitFor()
    expect(await page.getByText('Buy bread').count()).toBe(0)
  })

  test('W15 shows the words of the services when something is refused', async () => {
    await open()
    await logIn('ann@example.com', 'wrong')
    await page.getByRole('alert').waitFor()
    expect(await shown('[role=alert]')).toEqual(['Logging in failed!'])
    await logIn('', '')
    await page.getByText('An email and password needs to be specified!').waitFor()
    await logIn('ann@example.com', 'correct horse')
    await page.getByLabel('Title').waitFor()
    await page.getByRole('button', { name: 'Add task' }).click()
    await page.getByRole('alert').waitFor()
    expect((await shown('[role=alert]'))[0]?.length).toBeGreaterThan(5)
  })

  test('W15 keeps the token in memory; what outlives a reload is one cookie that no script reads', async () => {
    await open()
    await logIn('ann@example.com', 'correct horse')
    await page.getByRole('listitem').first().waitFor()
    const readable = await page.evaluate<object>(
      '({ ...localStorage, ...sessionStorage, cookie: document.cookie })',
    )
    expect(readable).toEqual({ cookie: '' })
    const cookies = await page.context().cookies()
    expect(cookies).toMatchObject([
      { name: '__Host-refresh', httpOnly: true, secure: true, sameSite: 'Strict' },
    ])
    await page.reload()
    await page.getByRole('listitem').first().waitFor()
    const told = page.waitForResponse((response) => response.url().endsWith('/api/logout'))
    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    await page.getByText('You are logged out.').waitFor()
    expect((await told).status()).toBe(200)
    expect(await page.context().cookies()).toEqual([])
    await page.reload()
    await page.getByLabel('Password').waitFor()
  })

  test('logs out everywhere: another browser is asked to log in again, and the demo account is not offered it', async () => {
    const elsewhere = await open()
    await logIn('ann@example.com', 'correct horse')
    await page.getByRole('listitem').first().waitFor()
    await open()
    await logIn('ann@example.com', 'correct horse')
    await page.getByRole('button', { name: 'Log out everywhere' }).click()
    await page.getByText('You are logged out on all devices.').waitFor()
    expect(await page.context().cookies()).toEqual([])
    await elsewhere.reload()
    await elsewhere.getByLabel('Password').waitFor()
    await elsewhere.context().close()
    await page.getByRole('button', { name: 'Use the demo account' }).click()
    await page.getByRole('heading', { name: 'Your tasks' }).waitFor()
    expect(await page.getByText('Log out everywhere').count()).toBe(0)
  })

  test('S0.36 opens the demo account without logging in, in demo mode', async () => {
    await open()
    const listed = page.waitForRequest(/\/api\/tasks\?view=full$/)
    await page.getByRole('button', { name: 'Use the demo account' }).click()
    expect(await (await listed).headerValue('authorization')).toBe('Bearer abc')
    await page.getByRole('heading', { name: 'Your tasks' }).waitFor()
  })

  test('can be used by keyboard alone', async () => {
    await open()
    await page.getByLabel('E-mail').waitFor()
    await page.keyboard.type('ann@example.com')
    await page.keyboard.press('Tab')
    await page.keyboard.type('correct horse')
    await page.keyboard.press('Enter')
    await page.getByLabel('Title').waitFor()
    await page.keyboard.type('By keyboard')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Without a mouse.')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('listitem').filter({ hasText: 'By keyboard' }).waitFor()
  })

  test.each(['light', 'dark'] as const)('fits a telephone, %s', async (colorScheme) => {
    await open({ viewport: { width: 320, height: 640 }, colorScheme })
    const widths = () => page.evaluate<number>('document.documentElement.scrollWidth')
    await page.getByLabel('Password').waitFor()
    expect(await widths()).toBe(320)
    await logIn('ann@example.com', 'correct horse')
    await page.getByRole('listitem').first().waitFor()
    expect(await widths()).toBe(320)
  })

  test('is refused by a browser that does not trust the authority', async () => {
    if (parts === undefined) return
    const stranger = await openBrowser(parts)
    page = await stranger.browser.newPage()
    complaints = []
    await expect(page.goto(`https://demo.localhost:${system.ports.https}/`)).rejects.toThrow(
      'ERR_CERT_AUTHORITY_INVALID',
    )
    await stranger.close()
  })

  test('D11 says so and offers another try while tasks is down', async () => {
    await open()
    await logIn('ann@example.com', 'correct horse')
    await page.getByRole('listitem').first().waitFor()
    const tasks = system.running.apps.find(({ name }) => name === 'tasks')
    process.kill(tasks?.pid ?? 0, 'SIGKILL')
    await page.getByLabel('Title').fill('Kept while it cannot be stored')
    await page.getByLabel('Text').fill('x')
    await page.getByRole('button', { name: 'Add task' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Title').inputValue()).toBe('Kept while it cannot be stored')
    await page.getByRole('button', { name: 'Log out', exact: true }).click()
    await logIn('ann@example.com', 'correct horse')
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await page.locator('body').innerText()).not.toMatch(/127\.|ECONN/)
  })
})
