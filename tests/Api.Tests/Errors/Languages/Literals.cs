using System.CodeDom.Compiler;
using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Extensions.Logging;

namespace LlmTr.Api.Tests.Errors.Languages;

/// <summary>The string literals in an assembly's code: what it can say, whether a test makes it say so or not.</summary>
internal static class Literals
{
    private const BindingFlags Everything = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<short, OpCode> OpCodesByValue =
        typeof(OpCodes).GetFields().Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    /// <summary>Each literal with the type that holds it. What only logs say, and what compilers and generators wrote, is left out.</summary>
    public static IEnumerable<(Type Type, string Text)> Of(Assembly assembly)
    {
        var types = assembly.GetTypes().Where(static type => !IsGenerated(type)).ToArray();
        var logged = types.SelectMany(static type => type.GetMethods(Everything)).Select(static method => method.GetCustomAttribute<LoggerMessageAttribute>()?.Message).ToHashSet();
        return types
            .SelectMany(static type => type.GetMethods(Everything).Concat<MethodBase>(type.GetConstructors(Everything)))
            .Where(static method => !method.IsDefined(typeof(GeneratedCodeAttribute)) && method.Name is not ("PrintMembers" or "ToString"))
            .SelectMany(static method => Of(method).Select(text => (method.DeclaringType!, text)))
            .Where(literal => !logged.Contains(literal.text));
    }

    // Lambdas and async methods are types of the compiler's, and stay: what they say is written by hand.
    private static bool IsGenerated(Type type) =>
        type.IsDefined(typeof(GeneratedCodeAttribute)) || type.Name.StartsWith("__", StringComparison.Ordinal) || (type.DeclaringType is { } outer && IsGenerated(outer));

    private static IEnumerable<string> Of(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        for (var at = 0; at < code.Length;)
        {
            var value = code[at++] is var first && first == 0xFE ? unchecked((short)(0xFE00 | code[at++])) : first;
            var operation = OpCodesByValue[value];
            if (operation == OpCodes.Ldstr)
                yield return method.Module.ResolveString(BitConverter.ToInt32(code, at));
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }
}
