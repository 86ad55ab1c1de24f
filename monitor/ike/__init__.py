"""Internet Key Exchange from outside: first messages as bytes, and what a responder makes of them."""
