import { Type, type Static } from 'typebox'
import { visibleText } from './text.ts'

/** Longest address that mail can carry (RFC 5321 §4.5.3.1.3, less the angle brackets). */
const EMAIL_LENGTH = 254
/** Long enough for any passphrase, short enough that hashing it costs nothing extra. */
export const PASSWORD_LENGTH = 256

export const Password = visibleText(PASSWORD_LENGTH, 'The password; blanks at its ends count.')

/** What `POST /signup` and `POST /login` take. */
export const Credentials = Type.Object(
  { email: visibleText(EMAIL_LENGTH, 'The account, compared without regard to case.'), password: Password },
  { title: 'Credentials' },
)
export type Credentials = Static<typeof Credentials>

/** What `POST /login` answers. */
export const AccessToken = Type.Object(
  {
    token: Type.String({ description: 'The access token, to be sent as Authorization: Bearer.' }),
    tokenType: Type.Literal('Bearer'),
    expiresIn: Type.Integer({ description: 'Seconds until the token expires.' }),
  },
  { title: 'AccessToken' },
)
export type AccessToken = Static<typeof AccessToken>

/** What `PATCH /me` takes: the present password, and what is to change. */
export const AccountChange = Type.Object(
  {
    password: Password,
    newEmail: Type.Optional(Credentials.properties.email),
    newPassword: Type.Optional(Password),
  },
  { title: 'AccountChange', minProperties: 2, additionalProperties: false },
)
export type AccountChange = Static<typeof AccountChange>

/** What `DELETE /me` takes. */
export const AccountDeletion = Type.Object({ password: Password }, { title: 'AccountDeletion' })

/** What `POST /logout` takes, or no body; either ends the session of the cookie unless it says `everywhere`. */
export const LogOut = Type.Object(
  {
    everywhere: Type.Optional(
      Type.Boolean({ description: 'End all sessions of the account, on every device.' }),
    ),
  },
  { title: 'LogOut', additionalProperties: false },
)

/** What `GET` and `PATCH /me` answer. */
export const OwnAccount = Type.Object(
  { message: Type.String(), uid: Type.String(), email: Type.String() },
  { title: 'OwnAccount' },
)

/** Any answer that only says how it went. */
export const Message = Type.Object({ message: Type.String() }, { title: 'Message' })
export type Message = Static<typeof Message>
