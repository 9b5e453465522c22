// Says what to do where the project's own Node is missing. Runs on any: an older one knows no .ts and would say that instead.
const OLDEST = 24

if (Number.parseInt(process.versions.node, 10) < OLDEST) {
  process.stderr.write(
    `This is Node ${process.versions.node}, which cannot run the project. \`npm ci\` brings the right one: run it first, without --omit=optional.
Where npm has none for this system, put Node 24.9 or newer first on PATH.
`,
  )
  process.exitCode = 1
}
