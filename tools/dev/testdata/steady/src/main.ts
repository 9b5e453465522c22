// Stands for an app: runs until SIGTERM.
const timer = setInterval(() => undefined, 1000)
process.on('SIGTERM', () => {
  console.log('stopping')
  clearInterval(timer)
})
console.log(`steady ${process.pid}`)
