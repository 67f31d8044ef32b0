"""Cases of people in counsel: each under a key of its own, held sealed per counsellor. Whoever holds no slot reads nothing."""
