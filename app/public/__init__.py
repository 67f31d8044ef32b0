"""The public face: postings, applications, mailbox, pages. It knows recipients' public keys and opens no vault."""
