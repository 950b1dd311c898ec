using System.Reflection;
using System.Reflection.Emit;

namespace LlmTr.Grains.Tests.Architecture;

/// <summary>
/// Finds every place of an assembly where a number could be held or computed inexactly. Locals alone would miss <c>(long)(ticks * 1.1)</c>, whose
/// double lives on the evaluation stack only, so the instructions are read too.
/// </summary>
internal static class FloatingPointScan
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Type[] Banned = [typeof(float), typeof(double), typeof(decimal), typeof(Half)];

    private static readonly Dictionary<short, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!).ToDictionary(static code => code.Value);

    private static readonly HashSet<short> BannedOpCodes =
    [
        OpCodes.Ldc_R4.Value, OpCodes.Ldc_R8.Value, OpCodes.Conv_R4.Value, OpCodes.Conv_R8.Value, OpCodes.Conv_R_Un.Value, OpCodes.Ldelem_R4.Value,
        OpCodes.Ldelem_R8.Value, OpCodes.Stelem_R4.Value, OpCodes.Stelem_R8.Value, OpCodes.Ldind_R4.Value, OpCodes.Ldind_R8.Value, OpCodes.Stind_R4.Value,
        OpCodes.Stind_R8.Value,
    ];

    public static IEnumerable<string> Of(IEnumerable<Type> types) => types.SelectMany(OfType).Distinct();

    private static IEnumerable<string> OfType(Type type)
    {
        foreach (var field in type.GetFields(Everything).Where(static field => Uses(field.FieldType)))
            yield return $"{type.FullName}: field {field.Name}";
        foreach (var property in type.GetProperties(Everything).Where(static property => Uses(property.PropertyType)))
            yield return $"{type.FullName}: property {property.Name}";
        foreach (var method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
        {
            foreach (var finding in OfMethod(method))
                yield return $"{type.FullName}.{method.Name}: {finding}";
        }
    }

    private static IEnumerable<string> OfMethod(MethodBase method)
    {
        if (method is MethodInfo { ReturnType: var returns } && Uses(returns))
            yield return "return";
        foreach (var parameter in method.GetParameters().Where(static parameter => Uses(parameter.ParameterType)))
            yield return $"parameter {parameter.Name}";
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (var local in body.LocalVariables.Where(static local => Uses(local.LocalType)))
            yield return $"local {local.LocalIndex}";
        foreach (var finding in OfInstructions(method, body.GetILAsByteArray()!))
            yield return finding;
    }

    private static IEnumerable<string> OfInstructions(MethodBase method, byte[] il)
    {
        for (var at = 0; at < il.Length;)
        {
            var value = il[at] == 0xFE ? unchecked((short)(0xFE00 | il[at + 1])) : il[at];
            var code = OpCodesByValue[value];
            at += code.Size;
            if (BannedOpCodes.Contains(code.Value))
                yield return $"instruction {code.Name}";
            if (code.OperandType == OperandType.InlineMethod && Called(method, BitConverter.ToInt32(il, at)) is { } called && Signature(called).Any(Uses))
                yield return $"call of {called.DeclaringType?.Name}.{called.Name}";
            at += code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
        }
    }

    private static MethodBase? Called(MethodBase caller, int token) => caller.Module.ResolveMethod(
        token,
        caller.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null,
        caller.IsGenericMethod ? caller.GetGenericArguments() : null);

    private static IEnumerable<Type> Signature(MethodBase method)
    {
        if (method.DeclaringType is { } type)
            yield return type;
        if (method is MethodInfo { ReturnType: var returns })
            yield return returns;
        foreach (var parameter in method.GetParameters())
            yield return parameter.ParameterType;
        if (method.IsGenericMethod)
        {
            foreach (var argument in method.GetGenericArguments())
                yield return argument;
        }
    }

    private static bool Uses(Type type) =>
        Banned.Contains(type)
        || (type.HasElementType && Uses(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(Uses));
}
