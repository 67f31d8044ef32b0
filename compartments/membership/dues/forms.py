"""Forms of this part of the membership compartment: what members owe and have paid: amounts, payments, arrears, reminders."""
