// Stands for an app that hangs: SIGTERM does not end it.
setInterval(() => undefined, 1000)
process.on('SIGTERM', () => console.log('no'))
console.log('stubborn')
