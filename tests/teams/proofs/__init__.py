"""What is said of team summaries, proved: each attack is made on the product's releases and on a naive release."""
