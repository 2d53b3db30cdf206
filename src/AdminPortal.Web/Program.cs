using AdminPortal.Web.Hosting;

return await PortalCommandLine.InvokeAsync(args);
