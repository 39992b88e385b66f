"""The engines beside arssr, each behind the interface of `base.Engine`."""
