"""The limits of a connection before the application sees a request: size, time and number."""
