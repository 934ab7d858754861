"""Work outside a request: which function does which job, the worker that runs them, the sending of messages."""
