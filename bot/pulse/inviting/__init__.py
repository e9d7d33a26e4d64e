"""Everybody is invited to a wave once and reminded once, whether or not they have answered: nobody keeps who has."""
