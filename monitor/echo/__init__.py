"""Echo requests through our own tunnels, ten a second: what proves them up."""
