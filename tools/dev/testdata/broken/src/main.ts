// Stands for an app with a setting it cannot use.
console.error('PORT=x: expected a number')
process.exit(2)
