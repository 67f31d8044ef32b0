"""What a person may ask for: access, correction, erasure. And exports for a purpose."""
