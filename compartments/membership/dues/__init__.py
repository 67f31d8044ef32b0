"""What members owe and have paid: amounts, payments, arrears, reminders."""
