"""The ballot on screen: the button, the form, and what is said when it is sealed or cannot be."""
