using System.Text.Json;
using LlmTr.Api.Tests.Running;

namespace LlmTr.Api.Tests.Admin;

/// <summary>An operator's calls, as the tests of this folder make them.</summary>
internal static class AdminRequests
{
    public static async Task<JsonElement> GetAsync(this TestGateway gateway, string path)
    {
        using var response = await gateway.AdminAsync(HttpMethod.Get, "/admin/v1" + path);
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    public static async Task<JsonElement> PostAsync(this TestGateway gateway, string path, string body, params (string Name, string Value)[] headers)
    {
        using var response = await gateway.AdminAsync(HttpMethod.Post, "/admin/v1" + path, body, headers);
        ((int)response.StatusCode).Should().BeInRange(200, 201, await response.Content.ReadAsStringAsync());
        return await response.JsonAsync();
    }

    public static async Task<JsonElement> PatchAsync(this TestGateway gateway, string path, string body)
    {
        using var response = await gateway.AdminAsync(HttpMethod.Patch, "/admin/v1" + path, body);
        response.EnsureSuccessStatusCode();
        return await response.JsonAsync();
    }

    public static async Task<(int Status, string Type, string? Param)> RefusedAsync(
        this TestGateway gateway, HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var response = await gateway.AdminAsync(method, "/admin/v1" + path, body, headers);
        return await response.ErrorAsync();
    }

    public static async Task<int> BalanceStatusAsync(this TestGateway gateway, string key)
    {
        using var response = await gateway.SendAsync(HttpMethod.Get, "/v1/balance", key, null);
        return (int)response.StatusCode;
    }

    public static JsonElement[] Rows(this JsonElement page) => [.. page.GetProperty("data").EnumerateArray()];
}
