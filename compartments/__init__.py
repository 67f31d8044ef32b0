"""The six offices, one package each; no package here imports another."""
