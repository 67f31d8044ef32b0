"""Messages between an account and a member: each passed on under the next office's own identifier."""
