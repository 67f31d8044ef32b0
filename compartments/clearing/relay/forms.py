"""Forms of this part of the clearing compartment: messages between an account and a member: each passed on under the next office's own identifier."""
