using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LlmTr.Silo.Hosting;

/// <summary>
/// Options that are a section of the configuration, read more strictly than .NET's binder does: a value that cannot be read stops the start with a sentence that names it, an empty one counts as unset, and a
/// time can only be written in the form that everybody reads alike. .NET takes <c>30</c> and <c>24:00:00</c> for 30 and 24 days.
/// </summary>
public static class SettingsSection
{
    private static readonly string[] TimeForms = [@"h\:mm\:ss", @"h\:mm\:ss\.FFFFFFF", @"d\.h\:mm\:ss", @"d\.h\:mm\:ss\.FFFFFFF"];

    /// <summary>Adds options whose public properties are settings of a section, looked at when the program starts. Texts, whole numbers, switches, times and sets of texts can be settings.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="section">The section's name.</param>
    /// <returns>For checks of ranges.</returns>
    /// <remarks>A <see cref="StartupException"/> comes from whoever first asks for the options, at the latest the start.</remarks>
    public static OptionsBuilder<TOptions> AddSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class =>
        services.AddOptionsWithValidateOnStart<TOptions>().Configure<IConfiguration>((options, configuration) => Read(configuration, section, options));

    /// <summary>Sets what the section says, and leaves the rest as it is.</summary>
    /// <exception cref="StartupException">A value cannot be read; the message names it.</exception>
    public static void Read(IConfiguration configuration, string section, object options)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var setting = configuration.GetSection($"{section}:{property.Name}");
            if (property.GetValue(options) is ISet<string> texts)
                texts.UnionWith(setting.GetChildren().Select(static child => child.Value).OfType<string>().Where(static text => text.Length > 0));
            else if (property.SetMethod is { IsPublic: true } && setting.Value is { Length: > 0 } text)
                property.SetValue(options, Value(property.PropertyType, $"{section}:{property.Name}", text));
        }
    }

    private static object Value(Type type, string name, string text)
    {
        if (type == typeof(string))
            return text;
        if (type == typeof(bool))
            return bool.TryParse(text, out var flag) ? flag : throw Wrong("true or false");
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong($"a whole number up to {int.MaxValue}");
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong($"a whole number up to {long.MaxValue}");
        if (type == typeof(TimeSpan))
        {
            return TimeSpan.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, out var time)
                ? time
                : throw Wrong("a time such as 00:01:30, with hours up to 23; a day is written 1.00:00:00");
        }

        throw new NotSupportedException($"{name} is of a type that no setting can have.");

        StartupException Wrong(string what) => new($"{name} is '{text}', but must be {what}.");
    }
}
