export { AddressError, originOf, parseAddress, type Address } from './address.ts'
export { discover, type Discovered, type WantedService } from './discover.ts'
export { serviceVariable } from './service-variable.ts'
