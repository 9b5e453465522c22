export {
  EndSessions,
  HashPassword,
  IssuedToken,
  IssueToken,
  PasswordHash,
  REFRESH_TOKEN_LENGTH,
  Subject,
  TokenEnds,
  UseRefreshToken,
  VerifiedToken,
  VerifyToken,
} from './auth.ts'
export {
  AccessToken,
  AccountChange,
  AccountDeletion,
  LogOut,
  OwnAccount,
  Credentials,
  Message,
  Password,
  PASSWORD_LENGTH,
} from './credentials.ts'
export { messages } from './messages.ts'
export {
  OneTask,
  StoredTask,
  TaskChange,
  TaskList,
  TaskListQuery,
  TaskPath,
  TaskText,
  TaskView,
  TaskViewQuery,
} from './task.ts'
export { visibleText } from './text.ts'
