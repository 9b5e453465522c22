import { Type, type Static } from 'typebox'
import { AccessToken, Password } from './credentials.ts'

/** `POST /passwords/hash`. */
export const HashPassword = Type.Object({ password: Password }, { title: 'HashPassword' })
export type HashPassword = Static<typeof HashPassword>
/** Its answer: a PHC string, for example `$argon2id$v=19$m=19456,t=2,p=1$…$…`. */
export const PasswordHash = Type.Object({ hash: Type.String({ minLength: 1 }) }, { title: 'PasswordHash' })
export type PasswordHash = Static<typeof PasswordHash>

/** Whom a token speaks for. */
export const Subject = Type.Object(
  { uid: Type.String({ minLength: 1, maxLength: 128 }), email: Type.String({ maxLength: 254 }) },
  { title: 'Subject' },
)
export type Subject = Static<typeof Subject>

/**
 * `POST /tokens`: a token for the subject if the password belongs to the hash. The hash is null when there is no such
 * account: auth then works as long as for a real one and answers 401.
 */
export const IssueToken = Type.Object(
  {
    hash: Type.Union([Type.String({ maxLength: 512 }), Type.Null()]),
    password: Password,
    subject: Subject,
    session: Type.Optional(
      Type.Boolean({ description: 'Also start a session, and give its refresh token.' }),
    ),
  },
  { title: 'IssueToken' },
)
export type IssueToken = Static<typeof IssueToken>
/** Its answer; `rehash` is a new hash to store when the old one was made with weaker settings than today's. */
export const IssuedToken = Type.Object(
  {
    message: Type.String(),
    ...AccessToken.properties,
    rehash: Type.Optional(Type.String({ minLength: 1 })),
    refreshToken: Type.Optional(Type.String({ minLength: 1 })),
    refreshExpiresIn: Type.Optional(
      Type.Integer({ description: 'Seconds until the refresh token expires, unless it is used.' }),
    ),
  },
  { title: 'IssuedToken' },
)
export type IssuedToken = Static<typeof IssuedToken>

/** `POST /tokens/verify`. */
export const VerifyToken = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 8192 }) },
  { title: 'VerifyToken' },
)
export type VerifyToken = Static<typeof VerifyToken>
/** Its answer for a valid token. */
export const VerifiedToken = Type.Object(
  { message: Type.String(), uid: Type.String({ minLength: 1 }), email: Type.Optional(Type.String()) },
  { title: 'VerifiedToken' },
)
export type VerifiedToken = Static<typeof VerifiedToken>

/** No refresh token is longer. */
export const REFRESH_TOKEN_LENGTH = 512

/** `POST /tokens/refresh`, `POST /sessions/end` and `/sessions/end-everywhere`. */
export const UseRefreshToken = Type.Object(
  { refreshToken: Type.String({ minLength: 1, maxLength: REFRESH_TOKEN_LENGTH }) },
  { title: 'UseRefreshToken' },
)
export type UseRefreshToken = Static<typeof UseRefreshToken>

/** What `GET /sessions/ended` answers: accounts whose tokens from before a moment are over, and sessions whose tokens are, though they have not expired yet. */
export const TokenEnds = Type.Object(
  {
    message: Type.String(),
    ended: Type.Array(
      Type.Object({
        uid: Type.String({ minLength: 1 }),
        endedAtMs: Type.Integer({ description: 'Milliseconds since 1970.' }),
      }),
    ),
    // An auth from before there were ended sessions answers without: its replicas are replaced one by one.
    sessions: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), { description: 'Ids of sessions, the claim `sid`.' }),
    ),
  },
  { title: 'TokenEnds' },
)
export type TokenEnds = Static<typeof TokenEnds>

/** `POST /sessions/end-all`. */
export const EndSessions = Type.Object(
  { uid: Type.String({ minLength: 1, maxLength: 128 }) },
  { title: 'EndSessions' },
)
export type EndSessions = Static<typeof EndSessions>
