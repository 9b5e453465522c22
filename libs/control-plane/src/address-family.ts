const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`)

/** 4 or 6 for an IP address in text, 0 for anything else. node:net has the same, but sockets belong to the engines. */
export function addressFamily(text: string): 0 | 4 | 6 {
  if (IPV4.test(text)) return 4
  return /^[0-9A-Fa-f:.]+$/.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`) ? 6 : 0
}
