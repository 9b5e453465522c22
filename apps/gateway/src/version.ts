/** As in package.json, which is not beside a bundle in an image. */
export const VERSION = '0.1.0'
