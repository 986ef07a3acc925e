"""The world outside: what is sent to others. Mail goes out through SMTP."""
