"""What a person reports for one week."""
