"""Forms of this part of the administration compartment: invite codes as they came from clearing, and what the platform says of them."""
