// Starts a program as a test does, shows what it writes, and waits to be killed. The argument is the program's script.
import { spawnTied } from '../src/spawn-tied.ts'

const command = [process.execPath, '-e', process.argv[2] ?? '']
spawnTied({ name: 'tied', command, endSignal: 'SIGTERM' }).stdout?.pipe(process.stdout)
setInterval(() => undefined, 60_000)
