"""What every platform of switches shares: the values its template sees, and what it can express."""
