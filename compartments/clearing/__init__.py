"""The clearing office: reference keys and the invite codes they belong to; never names or accounts."""
