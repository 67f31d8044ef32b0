"""The membership office: the register of persons; never invite codes or accounts."""
