using AdminPortal.Web.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddPortal();
var app = builder.Build();
app.MapPortal();
await app.RunAsync();
